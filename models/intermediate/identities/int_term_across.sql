with readings as (

    select *
    from {{ ref('int_identity_reading') }}
    where applies

),

cells as (

    select * from {{ ref('int_identity_cell') }}

)

select
    readings.edition_key,
    readings.check_id,
    readings.instance || case when readings.row_key like '%*' then '/' || cells.row_code else '' end as instance_key,
    readings.reading as variant,
    case when cells.is_only then readings.role else 'ambiguous' end as role,
    readings.sign,
    readings.relation,
    min(case when readings.relation = 'same' then cells.document_id end) over (
        partition by readings.edition_key
    ) as check_document_id,
    cells.document_id,
    cells.form_order,
    cells.row_order,
    cells.column_code
from readings
inner join cells
    on
        readings.other_edition_key = cells.edition_key
        and readings.form_code = cells.form_code
        and readings.side = cells.side
        and readings.column_code = cells.column_code
        and (
            readings.row_key = cells.row_key
            or (readings.row_key = 'code:*' and cells.row_code is not null)
            or (readings.row_key = 'class:*' and length(cells.row_code) = 3)
        )
