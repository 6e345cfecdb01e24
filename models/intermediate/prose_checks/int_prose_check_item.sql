with items as (

    select * from {{ ref('int_prose_list_item') }}

),

form_rows as (

    select * from {{ ref('int_form_row') }}

),

amounts as (

    select * from {{ ref('int_reported_amount') }}

),

codes as (

    select * from {{ ref('economic_classification') }}

),

-- What a row of an economic form prints: nothing, or nought, or an amount in any column of any form.
printed as (

    select
        form_rows.edition_key,
        {{ bare_name('form_rows.row_label') }} as name_bare,
        min(form_rows.row_code) as row_code,
        min(form_rows.row_label) as row_label,
        min(form_rows.form_code) as form_code,
        min(form_rows.source_page) as source_page,
        max(case when amounts.amount <> 0 then 1 else 0 end) as has_amount,
        max(case when amounts.amount <> 0 then amounts.amount end) as amount
    from form_rows
    left join amounts
        on
            form_rows.document_id = amounts.document_id
            and form_rows.form_order = amounts.form_order
            and form_rows.row_order = amounts.row_order
    where form_rows.is_judged and form_rows.classification = 'economic' and form_rows.row_code is not null
    group by form_rows.edition_key, {{ bare_name('form_rows.row_label') }}

),

-- A form that leaves out rows without an amount, and whose sections add up to their class, has no place for another item.
sections as (

    select
        edition_key,
        form_code,
        substring(row_code, 1, 3) as class_code,
        sum(case when length(row_code) = 3 then amount end) as class_amount,
        sum(case when length(row_code) = 5 then amount end) as section_amount,
        sum(half_unit) as half_unit
    from amounts
    where
        is_judged
        and classification = 'economic'
        and column_code in ('total', 'basic')
        and form_code in ('general_budget_economic', 'appropriation_economic')
    group by edition_key, form_code, substring(row_code, 1, 3)

),

complete_classes as (

    select
        edition_key,
        class_code,
        min(form_code) as form_code
    from sections
    where abs(class_amount - section_amount) <= half_unit
    group by edition_key, class_code

),

known as (

    select
        {{ bare_name('name') }} as name_bare,
        code,
        {{ class_code('code') }} as class_code,
        valid_from_year,
        valid_to_year
    from codes
    where level = 'section'

),

known_items as (

    select
        items.document_id,
        items.sentence_order,
        items.list_of,
        items.name,
        min(known.code) as code,
        min(complete_classes.form_code) as form_code
    from items
    inner join known
        on
            items.name_bare = known.name_bare
            and {{ valid_in('items.fiscal_year', 'known.valid_from_year', 'known.valid_to_year') }}
    inner join complete_classes
        on
            items.edition_key = complete_classes.edition_key
            and known.class_code = complete_classes.class_code
    group by items.document_id, items.sentence_order, items.list_of, items.name

),

compared as (

    select
        items.document_id,
        items.sentence_order,
        items.list_of,
        items.name,
        items.times,
        printed.row_code,
        printed.row_label,
        printed.form_code,
        printed.source_page,
        printed.has_amount,
        printed.amount,
        known_items.code as known_code,
        known_items.form_code as known_form_code
    from items
    left join printed
        on
            items.edition_key = printed.edition_key
            and items.name_bare = printed.name_bare
    left join known_items
        on
            items.document_id = known_items.document_id
            and items.sentence_order = known_items.sentence_order
            and items.list_of = known_items.list_of
            and items.name = known_items.name

),

judged as (

    select
        *,
        case
            when times > 1 then 'inconsistent'
            when has_amount = 1 then 'consistent'
            when has_amount = 0 then 'inconsistent'
            when known_code is not null then 'inconsistent'
            else 'not_evaluated'
        end as status
    from compared

)

select
    document_id,
    'listed_item' as check_name,
    {{ as_text('sentence_order') }} || list_of || name as place,
    cast(null as integer) as claim_order,
    sentence_order,
    name as printed,
    case
        when times > 1 then name || ' once'
        when has_amount = 1 then row_label
        when status = 'inconsistent' then 'an item that the form prints an amount for'
    end as expected,
    status,
    case when status = 'inconsistent' then 'wording' end as severity,
    case
        when times > 1 then 'the list names ' || name || ' ' || {{ as_text('times') }} || ' times'
        when has_amount = 1
            then form_code || ' (page ' || {{ as_text('source_page') }} || ') prints ' || {{ yuan_text('amount') }} || ' for ' || row_label
        when has_amount = 0
            then
                'the list names ' || name || ', ' || form_code || ' (page ' || {{ as_text('source_page') }} || ') prints no amount for '
                || row_code || ' ' || row_label
        when known_code is not null
            then 'the list names ' || name || ' (' || known_code || '), ' || known_form_code || ' has no such row'
        else 'no row of an economic form is called ' || name
    end as reason
from judged
