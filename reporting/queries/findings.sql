-- What does not agree in the disclosures of some departments: the figure as printed, what the others let expect, and where it stands.
select
    department_key,
    fiscal_year,
    disclosure_kind,
    severity,
    family,
    file_name,
    source_page,
    source_table,
    source_row,
    source_column,
    form_code,
    concat_ws(' ', row_code, row_label) as row,
    printed_text,
    unit,
    expected_value,
    excess,
    reason,
    is_known
from marts.rpt_finding
where department_key in $departments and is_current
order by department_key, fiscal_year, disclosure_kind desc, source_page, source_table, source_row
