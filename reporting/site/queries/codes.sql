-- Codes of both classifications with their names and the years in which each is valid.
with codes as (
    select
        'functional' as classification, code, name, level, parent_code, valid_from_year, valid_to_year, status, note
    from marts.dim_functional_classification
    union all
    select 'economic', code, name, level, parent_code, valid_from_year, valid_to_year, status, note
    from marts.dim_economic_classification
)

select * from codes
where $scope
order by classification desc, code, valid_from_year nulls first, name
