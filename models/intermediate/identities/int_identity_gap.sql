with readings as (

    select * from {{ ref('int_identity_reading') }}

),

identities as (

    select * from {{ ref('accounting_identity') }}

),

cells as (

    select *
    from {{ ref('int_identity_cell') }}
    where amount <> 0

),

forms as (

    select *
    from {{ ref('int_disclosure_form') }}
    where is_judged

),

form_pages as (

    select * from {{ ref('stg_form') }}

),

terms as (

    select * from {{ ref('int_identity_term') }}

),

-- What keeps a term from being looked up: its document is not loaded, its form is listed and missing, or says that it has nothing.
obstacles as (

    select
        readings.edition_key,
        readings.check_id,
        readings.instance,
        readings.reading,
        readings.role,
        readings.relation,
        readings.form_code,
        readings.side,
        readings.row_key,
        readings.column_code,
        readings.part_name,
        readings.applies,
        case
            when readings.is_present and readings.fits_layout then 'none'
            when readings.relation <> 'same' and not readings.is_loaded then 'not_loaded'
            when forms.status in ('missing', 'no_data') then forms.status
            -- Another year may have another layout; the units of a department have the forms of that year.
            when readings.relation = 'units' and not readings.is_present then 'missing'
            else 'layout'
        end as obstacle
    from readings
    left join forms
        on
            readings.other_edition_key = forms.edition_key
            and readings.form_code = forms.form_code

),

-- An instance without a reading that applies, one of whose readings lacks nothing but documents or forms.
blocked as (

    select
        edition_key,
        check_id,
        instance,
        reading
    from obstacles
    group by edition_key, check_id, instance, reading
    having
        max(case when obstacle = 'layout' then 1 else 0 end) = 0
        and max(case when obstacle in ('not_loaded', 'missing', 'no_data') then 1 else 0 end) = 1

),

applied as (

    select distinct
        edition_key,
        check_id,
        instance
    from obstacles
    where applies

),

-- Only where the other side prints something: nothing is missing beside nothing.
witnessed as (

    select
        blocked.edition_key,
        blocked.check_id,
        lacking.obstacle,
        lacking.relation,
        lacking.form_code as lacking_form_code,
        {{ join_values('lacking.part_name', ', ') }} as lacking_parts,
        min(cells.document_id) as document_id,
        min(cells.form_code) as form_code
    from blocked
    inner join identities on blocked.check_id = identities.check_id
    inner join obstacles as lacking
        on
            blocked.edition_key = lacking.edition_key
            and blocked.check_id = lacking.check_id
            and blocked.instance = lacking.instance
            and blocked.reading = lacking.reading
            and lacking.obstacle <> 'none'
            and (identities.relation <> 'at_most' or lacking.role = 'expected')
    inner join obstacles as found
        on
            blocked.edition_key = found.edition_key
            and blocked.check_id = found.check_id
            and blocked.instance = found.instance
            and blocked.reading = found.reading
            and found.obstacle = 'none'
            and found.relation = 'same'
            and lacking.role <> found.role
    inner join cells
        on
            found.edition_key = cells.edition_key
            and found.form_code = cells.form_code
            and found.side = cells.side
            and found.column_code = cells.column_code
            and (
                found.row_key = cells.row_key
                or (found.row_key = 'code:*' and cells.row_code is not null)
                or (found.row_key = 'class:*' and length(cells.row_code) = 3)
            )
    left join applied
        on
            blocked.edition_key = applied.edition_key
            and blocked.check_id = applied.check_id
            and blocked.instance = applied.instance
    where applied.check_id is null
    group by
        blocked.edition_key,
        blocked.check_id,
        lacking.obstacle,
        lacking.relation,
        lacking.form_code

),

-- Every form that is present appears among the checks, so that nobody takes silence for a pass.
summed_forms as (

    select distinct
        anchor_document_id as document_id,
        anchor_form_order as form_order
    from terms
    where anchor_form_order is not null

),

unchecked as (

    select
        forms_of_documents.document_id,
        forms_of_documents.form_order,
        forms_of_documents.form_code,
        form_pages.first_page
    from {{ ref('int_disclosure_form') }} as forms_of_documents
    inner join form_pages
        on
            forms_of_documents.document_id = form_pages.document_id
            and forms_of_documents.form_order = form_pages.form_order
    left join summed_forms
        on
            forms_of_documents.document_id = summed_forms.document_id
            and forms_of_documents.form_order = summed_forms.form_order
    where forms_of_documents.status = 'present' and summed_forms.document_id is null

)

select
    edition_key || '/' || check_id || '/' || relation || '/' || lacking_form_code || '/' || obstacle as check_key,
    check_id,
    document_id,
    form_code,
    cast(null as integer) as form_order,
    cast(null as integer) as source_page,
    case
        when relation = 'prior_year' and obstacle = 'not_loaded' then 'the final account of the year before is not loaded'
        when relation = 'budget' and obstacle = 'not_loaded' then 'the budget disclosure of the year is not loaded'
        when relation = 'units' and lacking_parts is null then 'no unit of the department is known for the year'
        when relation = 'units' and obstacle = 'not_loaded'
            then 'of its own level and its units these are not loaded for the year: ' || lacking_parts
        when relation = 'units' then 'the form ' || lacking_form_code || ' is not there with figures in: ' || lacking_parts
        when obstacle = 'missing' then 'the form ' || lacking_form_code || ' is listed but not in the disclosure'
        else 'the form ' || lacking_form_code || ' says that it has no data, and ' || form_code || ' prints a figure for it'
    end as reason
from witnessed

union all

select
    document_id || '/no_total/' || {{ as_text('form_order') }} as check_key,
    'no_total' as check_id,
    document_id,
    form_code,
    form_order,
    first_page as source_page,
    'the form prints no total that its rows could be added up to' as reason
from unchecked
