with tree as (

    select * from {{ ref('int_form_row_parent') }}

),

form_rows as (

    select *
    from {{ ref('int_form_row') }}
    where structure = 'coded'

),

amounts as (

    select * from {{ ref('int_reported_amount') }}

),

totals as (

    select
        document_id,
        form_order,
        row_order,
        case when total_kind = 'total' then 'grand_total' else total_kind end as check_name
    from (
        select
            document_id,
            form_order,
            row_order,
            {{ total_row_kind('canonical_label') }} as total_kind
        from form_rows
        where row_code is null
    ) as labelled
    where total_kind is not null

),

-- 类 = Σ 款 and 款 = Σ 项, as far as they are printed.
children as (

    select
        document_id,
        form_order,
        row_order as part_row_order,
        parent_row_order as total_row_order,
        'children' as check_name
    from tree
    where parent_row_order is not null

),

-- 合计 = Σ of the rows that belong to no other row; 人员经费合计 of 301 and 303, 公用经费合计 of the rest.
roots as (

    select
        tree.document_id,
        tree.form_order,
        tree.row_order as part_row_order,
        totals.row_order as total_row_order,
        totals.check_name
    from tree
    inner join totals
        on
            tree.document_id = totals.document_id
            and tree.form_order = totals.form_order
    where
        tree.parent_row_order is null
        and (
            totals.check_name = 'grand_total'
            or (totals.check_name = 'personnel_total' and substring(tree.row_code, 1, 3) in ('301', '303'))
            or (totals.check_name = 'operating_total' and substring(tree.row_code, 1, 3) not in ('301', '303'))
        )

),

relations as (

    select * from children
    union all
    select * from roots

),

anchors as (

    select distinct
        document_id,
        form_order,
        total_row_order,
        check_name
    from relations

)

select
    relations.document_id,
    relations.form_order,
    relations.check_name,
    1 as variant,
    relations.total_row_order,
    amounts.column_code as total_column_code,
    'part' as role,
    1 as sign,
    amounts.row_order,
    amounts.column_code,
    amounts.amount,
    amounts.half_unit
from relations
inner join amounts
    on
        relations.document_id = amounts.document_id
        and relations.form_order = amounts.form_order
        and relations.part_row_order = amounts.row_order

union all

select
    anchors.document_id,
    anchors.form_order,
    anchors.check_name,
    1 as variant,
    anchors.total_row_order,
    amounts.column_code as total_column_code,
    'total' as role,
    1 as sign,
    amounts.row_order,
    amounts.column_code,
    amounts.amount,
    amounts.half_unit
from anchors
inner join amounts
    on
        anchors.document_id = amounts.document_id
        and anchors.form_order = amounts.form_order
        and anchors.total_row_order = amounts.row_order
