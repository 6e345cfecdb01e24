with claims as (

    select * from {{ ref('stg_claim') }}

),

identities as (

    select * from {{ ref('int_document_edition') }}

),

form_rows as (

    select * from {{ ref('int_form_row') }}

),

amounts as (

    select * from {{ ref('int_reported_amount') }}

),

-- The items that the disclosure's forms print, with the names above them and what they print in total.
items as (

    select
        amounts.edition_key,
        amounts.row_code,
        amounts.row_label,
        {{ bare_name('amounts.row_label') }} as item_bare,
        amounts.amount,
        amounts.half_unit,
        amounts.source_page,
        amounts.form_code
    from amounts
    where
        amounts.is_judged
        and amounts.classification = 'functional'
        and length(amounts.row_code) = 7
        and amounts.column_code = 'total'
        and amounts.form_code in ('general_budget_expenditure', 'appropriation_expenditure', 'expenditure', 'government_funds')

),

names as (

    select distinct
        edition_key,
        row_code,
        {{ bare_name('row_label') }} as name_bare,
        row_label
    from form_rows
    where is_judged and classification = 'functional' and row_code is not null

),

named as (

    select
        claims.document_id,
        claims.claim_order,
        identities.edition_key,
        claims.value,
        claims.value_half_unit,
        claims.class_name,
        claims.section_name,
        claims.item_name,
        {{ bare_name('claims.class_name') }} as class_bare,
        {{ bare_name('claims.section_name') }} as section_bare,
        {{ bare_name('claims.item_name') }} as item_bare
    from claims
    inner join identities on claims.document_id = identities.document_id
    where
        claims.claim_kind = 'amount'
        and claims.item_name is not null
        and claims.section_name is not null
        and claims.class_name is not null
        and claims.value > claims.value_half_unit
        and claims.phase = case identities.disclosure_kind when 'final_account' then 'final' else 'budget' end

),

-- The rows that print the amount which the text states, under the class that it names.
rows_of_amount as (

    select
        named.document_id,
        named.claim_order,
        named.value,
        named.section_name,
        named.item_name,
        named.section_bare,
        named.item_bare as stated_item_bare,
        items.row_code,
        items.row_label,
        items.item_bare,
        items.source_page,
        items.form_code,
        sections.row_label as section_label,
        sections.name_bare as printed_section_bare
    from named
    inner join items
        on
            named.edition_key = items.edition_key
            and abs(named.value - items.amount) <= named.value_half_unit + items.half_unit
    inner join names as classes
        on
            items.edition_key = classes.edition_key
            and substring(items.row_code, 1, 3) = classes.row_code
            and named.class_bare = classes.name_bare
    inner join names as sections
        on
            items.edition_key = sections.edition_key
            and substring(items.row_code, 1, 5) = sections.row_code

),

candidates as (

    select
        *,
        min(row_code) over (partition by document_id, claim_order) = max(row_code) over (partition by document_id, claim_order)
            as has_one_code,
        max(case when item_bare = stated_item_bare and printed_section_bare = section_bare then 1 else 0 end)
            over (partition by document_id, claim_order) as is_named_right,
        row_number() over (
            partition by document_id, claim_order
            order by case when item_bare = stated_item_bare then 0 else 1 end, form_code, row_code, source_page, row_label
        ) as choice
    from rows_of_amount

)

select
    document_id,
    claim_order,
    'names_in_form' as check_name,
    cast(value as decimal(24, 6)) as reported,
    cast(null as decimal(24, 6)) as expected,
    cast(null as decimal(24, 6)) as difference,
    cast(null as decimal(24, 6)) as tolerance,
    case when is_named_right = 1 then 'consistent' else 'inconsistent' end as status,
    case when is_named_right = 1 then {{ as_text('null') }} else 'material' end as severity,
    case
        when is_named_right = 1 then 'the names are those of ' || row_code
        when item_bare = stated_item_bare
            then
                'the text names the section ' || section_name || ', ' || form_code || ' (page ' || {{ as_text('source_page') }}
                || ') prints this amount under ' || section_label || ', ' || row_code || ' ' || row_label
        else
            'no row is called ' || item_name || ': ' || form_code || ' (page ' || {{ as_text('source_page') }}
            || ') prints this amount for ' || row_code || ' ' || row_label
    end as reason,
    {{ as_text('null') }} as other_key
from candidates
where choice = 1 and (is_named_right = 1 or has_one_code)
