with cells as (

    select * from {{ ref('int_stated_cell') }}

),

identities as (

    select * from {{ ref('int_document_edition') }}

),

measure_cells as (

    select * from {{ ref('year_measure_cell') }}

),

disclosures as (

    select distinct
        edition_key,
        is_superseded_edition,
        department_key,
        fiscal_year,
        disclosure_kind,
        reporting_scope
    from identities

),

-- What a row is in every year: a code stands for its place in the classification, a phase for the one that the disclosure is about.
placed as (

    select
        disclosures.department_key,
        disclosures.fiscal_year,
        disclosures.disclosure_kind,
        disclosures.reporting_scope,
        disclosures.is_superseded_edition,
        cells.edition_key,
        cells.document_id,
        cells.form_code,
        coalesce(cells.side, '') as side,
        cells.row_key,
        cells.column_code,
        cells.row_label,
        cells.amount,
        cells.half_unit,
        cells.source_page,
        cells.cell_key,
        case when cells.row_key like 'code:%' then substring(cells.row_key, 6) else '' end as classification_code,
        case
            when cells.row_key like 'code:%' then 'code:*'
            when
                cells.row_key = case disclosures.disclosure_kind when 'budget' then 'phase:budget' else 'phase:final' end
                then 'phase:current'
            else cells.row_key
        end as place,
        -- 支出合计 and, below it, 支出总计: the second is the grand total.
        case when cells.row_key = 'line:grand_total' and cells.row_label not like '%总计%' then 1 else 0 end as label_rank
    from cells
    inner join disclosures on cells.edition_key = disclosures.edition_key

),

measured as (

    select
        measure_cells.measure_group,
        measure_cells.preference,
        placed.*,
        min(placed.label_rank) over (
            partition by measure_cells.measure_group, measure_cells.preference, placed.edition_key, placed.row_key
        ) as best_label_rank
    from placed
    inner join measure_cells
        on
            placed.form_code = measure_cells.form_code
            and placed.side = coalesce(measure_cells.side, '')
            and placed.place = measure_cells.row_key
            and placed.column_code = measure_cells.column_code

)

-- A row that a form prints twice with different figures is none that could be compared.
select
    measure_group || case when classification_code <> '' then '/' || classification_code else '' end as measure,
    measure_group,
    classification_code,
    preference,
    edition_key,
    coalesce(is_superseded_edition, false) as is_superseded_edition,
    department_key,
    fiscal_year,
    disclosure_kind,
    reporting_scope,
    min(document_id) as document_id,
    form_code,
    min(row_label) as row_label,
    column_code,
    min(amount) as amount,
    max(half_unit) as half_unit,
    min(source_page) as source_page,
    min(cell_key) as place_key
from measured
where label_rank = best_label_rank
group by
    measure_group,
    classification_code,
    preference,
    edition_key,
    coalesce(is_superseded_edition, false),
    department_key,
    fiscal_year,
    disclosure_kind,
    reporting_scope,
    form_code,
    column_code
having count(distinct amount) = 1
