with identities as (

    select * from {{ ref('int_document_identity') }}

),

documents as (

    select * from {{ ref('stg_document') }}

),

paths as (

    select * from {{ ref('stg_document_path') }}

),

marks as (

    select * from {{ ref('stg_publication_mark') }}

),

seen as (

    select
        document_id,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at,
        count(*) as path_count
    from paths
    group by document_id

),

first_seen as (

    select
        identities.document_id,
        identities.disclosure_key,
        documents.text_source,
        coalesce(seen.first_seen_at, identities.loaded_at) as first_seen_at,
        coalesce(seen.last_seen_at, identities.loaded_at) as last_seen_at,
        coalesce(seen.path_count, 1) as path_count,
        -- No final account is published before its year has ended, and no budget more than half a year before it begins.
        case identities.disclosure_kind
            when 'final_account' then {{ as_text('identities.fiscal_year + 1') }} || '-01-01'
            else {{ as_text('identities.fiscal_year - 1') }} || '-07-01'
        end as earliest_date,
        -- Nor is anything published after the year in which it was found.
        {{ as_text('extract(year from coalesce(seen.first_seen_at, identities.loaded_at))') }} || '-12-31' as latest_date
    from identities
    inner join documents on identities.document_id = documents.document_id
    left join seen on identities.document_id = seen.document_id

),

printed as (

    select
        first_seen.document_id,
        max(
            case when marks.kind = 'date' and marks.value between first_seen.earliest_date and first_seen.latest_date then marks.value end
        ) as printed_date,
        min(case when marks.kind = 'correction' then marks.value end) as printed_correction
    from first_seen
    inner join marks on first_seen.document_id = marks.document_id
    group by first_seen.document_id

),

-- The same bytes under a later name were published no later.
named as (

    select
        first_seen.document_id,
        min(
            case
                when {{ as_text('paths.named_date') }} between first_seen.earliest_date and first_seen.latest_date
                    then {{ as_text('paths.named_date') }}
            end
        ) as named_date,
        min(paths.correction) as named_correction
    from first_seen
    inner join paths on first_seen.document_id = paths.document_id
    group by first_seen.document_id

)

select
    first_seen.document_id,
    first_seen.disclosure_key,
    cast(printed.printed_date as date) as printed_date,
    cast(named.named_date as date) as named_date,
    coalesce(printed.printed_correction, named.named_correction) as correction,
    first_seen.first_seen_at,
    first_seen.last_seen_at,
    cast(first_seen.path_count as integer) as path_count,
    first_seen.text_source
from first_seen
left join printed on first_seen.document_id = printed.document_id
left join named on first_seen.document_id = named.document_id
