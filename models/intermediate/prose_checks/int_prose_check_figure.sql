with sentences as (

    select *
    from {{ ref('int_prose_sentence') }}
    where not is_glossary

),

-- 支出  万元。: the place of the figure is empty.
without_figure as (

    select
        document_id,
        sentence_order,
        'missing_figure' as check_name,
        {{ extract_first(
            'folded',
            '[^，。；：（）0-9]{0,12}(支出|收入|预算数?|决算数?|总计|合计|经费|金额|资金|为|共计?|增加|减少|[_＿]{2,})(万元|亿元)[，。；、（）]'
        ) }} as printed,
        'a figure before the unit' as expected
    from sentences
    where not {{ matches('folded', '单位[^，。；]{0,12}(万元|亿元)') }}

),

without_percent as (

    select
        document_id,
        sentence_order,
        'missing_figure' as check_name,
        {{ extract_first('folded', '[^，。；：（）0-9]{0,12}(增长|下降|比重为|占比为?|预算的|合计的|支出的|收入的|总额的)%[，。；、（）]') }} as printed,
        'a figure before the percent sign' as expected
    from sentences

),

-- 增加209万用于…: all other amounts of the sentence are in 万元.
without_unit as (

    select
        document_id,
        sentence_order,
        'missing_unit' as check_name,
        {{ extract_first(
            'folded',
            '(支出|收入|预算|决算|经费|资金|金额|费|为|增加|减少)[0-9][0-9,.]*万(用于|主要|[，。；（）])'
        ) }} as printed,
        '万元' as expected
    from sentences
    where {{ matches('folded', '[0-9]万元') }} and not {{ matches('folded', '[0-9]万(人|次|个|件|户|份|册|平方|吨|亩|千瓦|公里|立方)') }}

),

found as (

    select * from without_figure
    union all
    select * from without_percent
    union all
    select * from without_unit

)

select
    document_id,
    check_name,
    {{ as_text('sentence_order') }} || expected as place,
    cast(null as integer) as claim_order,
    sentence_order,
    printed,
    expected,
    'inconsistent' as status,
    case when check_name = 'missing_figure' then 'material' else 'wording' end as severity,
    case
        when check_name = 'missing_figure' then 'the text prints a unit without a figure'
        else 'the text prints 万 where the other amounts of the sentence are in 万元'
    end as reason
from found
where printed is not null
