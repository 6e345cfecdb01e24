with source as (

    select * from {{ source('staging', 'claim') }}

)

select
    document_id,
    claim_order,
    sentence_order,
    quote,
    subject,
    measure,
    class_name,
    section_name,
    item_name,
    claim_kind,
    phase,
    value_text,
    {{ to_yuan_exact('printed_value', 'unit') }} as value,
    case
        when printed_value is not null and claim_kind = 'count' then 0
        when printed_value is not null then {{ half_unit('decimals', 'unit') }}
    end as value_half_unit,
    unit,
    delta_text,
    {{ to_yuan_exact('printed_delta', 'delta_unit') }} as delta,
    case when printed_delta is not null then {{ half_unit('delta_decimals', 'delta_unit') }} end as delta_half_unit,
    delta_unit,
    direction,
    percent_text,
    printed_percent as percent,
    {{ half_digit('percent_decimals') }} as percent_half_unit,
    compared_with,
    share_base,
    base_measure,
    whole_order,
    value_order,
    source_page,
    source_line,
    cast(confidence as decimal(5, 4)) as confidence
from source
