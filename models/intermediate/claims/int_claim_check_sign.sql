with claims as (

    select * from {{ ref('stg_claim') }}

),

-- '%' means anything in a pattern: the sign is another character here.
stated as (

    select
        document_id,
        claim_order,
        percent,
        percent_text,
        replace({{ folded_text('quote') }}, '%', '#') as quote
    from claims
    where claim_kind in ('change', 'share', 'completion') and percent_text is not null

)

select
    document_id,
    claim_order,
    'percent_sign' as check_name,
    cast(percent as decimal(24, 6)) as reported,
    cast(null as decimal(24, 6)) as expected,
    cast(null as decimal(24, 6)) as difference,
    cast(null as decimal(24, 6)) as tolerance,
    'inconsistent' as status,
    'material' as severity,
    'the text prints ' || percent_text || ' without a percent sign' as reason,
    {{ as_text('null') }} as other_key
from stated
where
    (
        quote like '%' || percent_text || '。%'
        or quote like '%' || percent_text || '，%'
        or quote like '%' || percent_text || '；%'
    )
    -- 增长1.2万元，13.95。: only after the words of a rate.
    and {{ matches('quote', '(增长|下降|增幅|降幅|比重|占比|完成率|执行率)(了|为|率)?[0-9.]+[。，；]') }}
    and quote not like '%' || percent_text || '#%'
