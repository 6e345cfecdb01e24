with source as (

    select * from {{ source('staging', 'form') }}

)

select
    document_id,
    form_order,
    form_code,
    title,
    number_printed,
    unit,
    first_page,
    last_page,
    status,
    note
from source
