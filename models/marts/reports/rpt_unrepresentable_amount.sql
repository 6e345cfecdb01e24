with amounts as (

    select * from {{ ref('int_reported_amount') }}

)

select
    document_id,
    disclosure_key,
    form_code,
    row_code,
    row_label,
    column_code,
    amount_text,
    unit,
    amount,
    source_page,
    row_label || ' (' || column_code || ', page ' || {{ as_text('source_page') }} || ') prints ' || amount_text || ' ' || unit
    || ', finer than a cent; the amount is rounded to ' || {{ as_text('amount') }} as reason
from amounts
where {{ to_yuan_exact('printed_value', 'unit') }} <> amount
