with forms as (

    select * from {{ ref('stg_form') }}

),

identities as (

    select * from {{ ref('int_document_identity') }}

),

-- A disclosure may come as several files, and a file may print a form twice (department and unit). The facts take one of
-- them: the one that has figures; then the file loaded last; then the first in the file.
ranked as (

    select
        forms.document_id,
        forms.form_order,
        forms.form_code,
        forms.status,
        identities.disclosure_key,
        identities.department_key,
        identities.fiscal_year,
        identities.disclosure_kind,
        row_number() over (
            partition by identities.disclosure_key, forms.form_code
            order by
                case forms.status when 'present' then 1 when 'no_data' then 2 else 3 end asc,
                identities.loaded_at desc,
                forms.document_id asc,
                forms.form_order asc
        ) as choice
    from forms
    inner join identities on forms.document_id = identities.document_id

)

select
    document_id,
    form_order,
    form_code,
    status,
    disclosure_key,
    department_key,
    fiscal_year,
    disclosure_kind,
    choice = 1 as is_chosen
from ranked
