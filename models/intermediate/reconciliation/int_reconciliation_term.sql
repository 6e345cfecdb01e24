with code_tree_terms as (

    select * from {{ ref('int_term_code_tree') }}

),

column_terms as (

    select * from {{ ref('int_term_column_parts') }}

),

summary_terms as (

    select * from {{ ref('int_term_summary') }}

),

line_terms as (

    select * from {{ ref('int_term_lines') }}

),

of_which_terms as (

    select * from {{ ref('int_term_of_which') }}

)

select
    document_id,
    form_order,
    check_name,
    variant,
    total_row_order,
    total_column_code,
    role,
    sign,
    row_order,
    column_code,
    amount,
    half_unit
from code_tree_terms

union all

select
    document_id,
    form_order,
    check_name,
    variant,
    total_row_order,
    total_column_code,
    role,
    sign,
    row_order,
    column_code,
    amount,
    half_unit
from column_terms

union all

select
    document_id,
    form_order,
    check_name,
    variant,
    total_row_order,
    total_column_code,
    role,
    sign,
    row_order,
    column_code,
    amount,
    half_unit
from summary_terms

union all

select
    document_id,
    form_order,
    check_name,
    variant,
    total_row_order,
    total_column_code,
    role,
    sign,
    row_order,
    column_code,
    amount,
    half_unit
from line_terms

union all

select
    document_id,
    form_order,
    check_name,
    variant,
    total_row_order,
    total_column_code,
    role,
    sign,
    row_order,
    column_code,
    amount,
    half_unit
from of_which_terms
