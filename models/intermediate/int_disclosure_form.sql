with forms as (

    select * from {{ ref('stg_form') }}

),

identities as (

    select * from {{ ref('int_document_identity') }}

),

choices as (

    select * from {{ ref('int_document_choice') }}

),

editions as (

    select * from {{ ref('int_document_edition') }}

),

publications as (

    select * from {{ ref('int_document_publication') }}

),

-- A disclosure may come as several files, and a file may print a form twice (department and unit). The facts take one of
-- them: that of the current document; there the one that has figures; then the first in the file. What no document prints
-- is missing in a current one, of these in the one seen last.
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
        editions.edition_key,
        case when forms.status = 'missing' then editions.is_current else choices.is_current end as is_current,
        row_number() over (
            partition by identities.disclosure_key, forms.form_code
            order by
                case forms.status when 'missing' then 2 else 1 end asc,
                choices.precedence asc,
                case forms.status when 'present' then 1 else 2 end asc,
                case when editions.is_current then 1 else 2 end asc,
                publications.first_seen_at desc,
                forms.document_id asc,
                forms.form_order asc
        ) as choice,
        row_number() over (
            partition by forms.document_id, forms.form_code
            order by
                case forms.status when 'present' then 1 when 'no_data' then 2 else 3 end asc,
                forms.form_order asc
        ) as choice_of_document
    from forms
    inner join identities on forms.document_id = identities.document_id
    inner join editions on forms.document_id = editions.document_id
    inner join publications on forms.document_id = publications.document_id
    left join choices
        on
            forms.document_id = choices.document_id
            and forms.form_code = choices.part

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
    edition_key,
    is_current,
    choice = 1 as is_chosen,
    -- What is judged together: of the disclosure what the facts take, of a superseded document what it prints itself.
    case when edition_key = disclosure_key then choice = 1 else choice_of_document = 1 end as is_judged
from ranked
