with terms as (

    select * from {{ ref('int_identity_term') }}

),

verdicts as (

    select * from {{ ref('int_identity_verdict') }}

)

select
    terms.check_key,
    terms.document_id,
    terms.check_id,
    cast(
        row_number() over (
            partition by terms.check_key
            order by
                case terms.role when 'reported' then 1 when 'expected' then 2 when 'numerator' then 3 else 4 end asc,
                terms.document_id asc,
                terms.form_order asc nulls last,
                terms.source_page asc nulls last,
                terms.source_table asc nulls last,
                terms.source_row asc nulls last,
                terms.row_order asc nulls last,
                terms.column_code asc,
                terms.row_label asc nulls last,
                terms.source_column asc nulls last,
                terms.role asc
        ) as integer
    ) as term_number,
    terms.role,
    cast(terms.sign as integer) as term_sign,
    terms.disclosure_key,
    terms.form_code,
    cast(terms.form_order as integer) as form_order,
    cast(terms.row_order as integer) as row_order,
    cast(terms.project_order as integer) as project_order,
    terms.side,
    terms.row_code,
    terms.row_label,
    terms.column_code,
    cast(terms.amount as decimal(20, 2)) as amount,
    cast(terms.half_unit as decimal(20, 6)) as half_unit,
    terms.source_page,
    terms.source_table,
    terms.source_row,
    terms.source_column
from terms
inner join verdicts
    on
        terms.check_key = verdicts.check_key
        and terms.variant = verdicts.variant
