with cells as (

    select * from {{ ref('int_identity_cell') }}

),

forms as (

    select *
    from {{ ref('int_disclosure_form') }}
    where is_judged

),

titles as (

    select
        document_id,
        form_order,
        title
    from {{ ref('stg_form') }}

),

sentences as (

    select * from {{ ref('stg_sentence') }}

),

identities as (

    select * from {{ ref('int_document_edition') }}

),

present as (

    select
        forms.edition_key,
        forms.form_code,
        titles.title
    from forms
    inner join titles
        on
            forms.document_id = titles.document_id
            and forms.form_order = titles.form_order
    where forms.status = 'present'

),

-- Only where the text says that 机关运行经费 is a part of basic expenditure; until 2017 some counted projects in.
agency_is_operating as (

    select distinct identities.edition_key
    from sentences
    inner join identities on sentences.document_id = identities.document_id
    where {{ matches('sentences.text', '机关运行经费.*基本支出.*公用经费') }}

),

columns_of_form as (

    select
        edition_key,
        form_code,
        count(distinct column_code) as column_count
    from cells
    group by edition_key, form_code

),

-- Forms of the funds beside the general public budget, and what the summary prints of them.
other_funds as (

    select edition_key
    from present
    where form_code in ('government_funds', 'state_capital', 'state_capital_expenditure')
    union distinct
    select edition_key
    from cells
    where
        form_code = 'appropriation_summary'
        and amount <> 0
        and (
            column_code in ('government_funds', 'state_capital')
            or row_key in (
                'line:government_funds', 'line:state_capital', 'line:balance_government_funds', 'line:balance_state_capital'
            )
        )

)

select
    edition_key,
    form_code,
    'present' as trait
from present

union distinct

select
    edition_key,
    form_code,
    'column:' || column_code as trait
from cells

union distinct

select
    edition_key,
    form_code,
    'area:' || side || '/' || column_code as trait
from cells

union distinct

select
    edition_key,
    form_code,
    'codes:' || side || '/' || column_code as trait
from cells
where row_code is not null

union distinct

select
    edition_key,
    form_code,
    'row:' || side || '/' || row_key as trait
from cells
where row_code is null

union distinct

select
    edition_key,
    form_code,
    'budgets_apart' as trait
from cells
where row_key in ('line:general_public_budget', 'line:government_funds', 'line:state_capital')

union distinct

select
    present.edition_key,
    present.form_code,
    'agency_is_operating' as trait
from present
inner join agency_is_operating on present.edition_key = agency_is_operating.edition_key

union distinct

select
    edition_key,
    form_code,
    'several_columns' as trait
from columns_of_form
where column_count > 1

union distinct

select
    edition_key,
    form_code,
    'title:basic' as trait
from present
where title like '%基本支出%'

union distinct

select
    edition_key,
    form_code,
    'title:general_public_budget' as trait
from present
where title like '%一般公共预算%'

union distinct

select
    present.edition_key,
    present.form_code,
    'general_public_budget_only' as trait
from present
left join other_funds on present.edition_key = other_funds.edition_key
where other_funds.edition_key is null
