-- What did a department spend by functional class (功能分类 类), and which share of the whole is it?
-- The name is that of the year; a class that printed 0 in all years is left out.
with classes as (
    select
        expenditure.fiscal_year,
        expenditure.classification_code as code,
        expenditure.value as amount,
        shares.value as share_percent
    from marts.fct_metric as expenditure
    left join marts.fct_metric as shares
        on
            expenditure.disclosure_key = shares.disclosure_key
            and expenditure.classification_code = shares.classification_code
            and shares.metric = 'class_share'
    where
        expenditure.metric = 'class_expenditure'
        and expenditure.department_key = $department
        and expenditure.disclosure_kind = $disclosure_kind
        and expenditure.reporting_scope = $reporting_scope
),

spent as (
    select distinct code
    from classes
    where amount <> 0
)

select
    classes.fiscal_year,
    classes.code,
    names.name as label,
    classes.amount,
    classes.share_percent
from classes
inner join spent on classes.code = spent.code
left join marts.dim_functional_classification as names
    on
        classes.code = names.code
        and classes.fiscal_year >= coalesce(names.valid_from_year, 0)
        and classes.fiscal_year <= coalesce(names.valid_to_year, 9999)
order by classes.fiscal_year desc, classes.amount desc, classes.code
