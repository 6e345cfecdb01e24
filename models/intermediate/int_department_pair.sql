{#- From this similarity on two names may be two spellings of one: 人大常委会办公厅 and 人大办公厅 have 0.77, 财政局 and 民政局 0.67. -#}
{%- set alike = 0.75 %}
{#- What a successor has to share with its predecessor beside a word: 国土资源局 and 自然资源和规划局 have 0.46. -#}
{%- set akin = 0.4 %}
with identities as (

    select
        *,
        {{ canonical_name('department_name') }} as canonical_department_name
    from {{ ref('int_document_identity') }}

),

aliases as (

    select
        *,
        {{ canonical_name('department_name') }} as canonical_department_name
    from {{ ref('department_alias') }}

),

forms as (

    select * from {{ ref('int_disclosure_form') }}

),

published as (

    select
        canonical_department_name as name,
        department_key,
        max(region) as region,
        min(fiscal_year) as first_year,
        max(fiscal_year) as last_year,
        count(distinct disclosure_key) as disclosure_count,
        min(document_id) as document_id
    from identities
    group by canonical_department_name, department_key

),

seeded as (

    select
        canonical_department_name as name,
        min(department_key) as department_key,
        max(valid_to_year) as valid_to_year
    from aliases
    group by canonical_department_name
    union distinct
    select
        department_key as name,
        department_key,
        cast(null as integer) as valid_to_year
    from aliases
    where department_key not in (select listed.department_name from aliases as listed)

),

-- A name that the seed does not have: what it is must be told by somebody.
new_names as (

    select
        published.name,
        published.department_key,
        published.region,
        published.first_year,
        published.last_year,
        published.disclosure_count,
        published.document_id,
        replace(published.name, coalesce(published.region, ''), '') as short_name
    from published
    left join seeded on published.name = seeded.name
    where seeded.name is null

),

-- What the seed says of two departments already needs no proposal, either way round.
told as (

    select
        department_key,
        successor_key as other_key
    from aliases
    where successor_key is not null
    union distinct
    select
        department_key,
        parent_key as other_key
    from aliases
    where parent_key is not null

),

related as (

    select
        department_key,
        other_key
    from told
    union distinct
    select
        other_key as department_key,
        department_key as other_key
    from told

),

known_names as (

    select
        published.name,
        published.department_key,
        published.region,
        published.first_year,
        published.last_year,
        published.disclosure_count,
        seeded.name is not null as is_in_seed
    from published
    left join seeded on published.name = seeded.name
    union all
    select
        seeded.name,
        seeded.department_key,
        {{ as_text('null') }} as region,
        cast(null as integer) as first_year,
        cast(seeded.valid_to_year as integer) as last_year,
        0 as disclosure_count,
        true as is_in_seed
    from seeded
    left join published on seeded.name = published.name
    where published.name is null

),

-- A name is looked up by the first or last so many characters of another one: these are the numbers that occur.
region_lengths as (

    select distinct length(region) as region_length
    from new_names
    where region is not null

),

name_lengths as (

    select distinct length(name) as name_length
    from new_names

),

-- Names of one region, and names without a region that end a longer one (省财政厅). Each is an equality, so that no name has to be
-- held against all others.
neighbours as (

    select
        new_names.name,
        new_names.department_key,
        known_names.name as other_name,
        known_names.department_key as other_key
    from new_names
    inner join known_names on new_names.region = known_names.region
    union distinct
    select
        new_names.name,
        new_names.department_key,
        known_names.name as other_name,
        known_names.department_key as other_key
    from known_names
    inner join region_lengths on length(known_names.name) >= region_lengths.region_length
    inner join new_names on substring(known_names.name, 1, region_lengths.region_length) = new_names.region
    where known_names.region is null
    union distinct
    select
        new_names.name,
        new_names.department_key,
        known_names.name as other_name,
        known_names.department_key as other_key
    from known_names
    inner join name_lengths on length(known_names.name) >= name_lengths.name_length
    inner join new_names on right(known_names.name, name_lengths.name_length) = new_names.name

),

pairs as (

    select
        new_names.name,
        new_names.department_key,
        new_names.region,
        new_names.first_year,
        new_names.last_year,
        new_names.disclosure_count,
        new_names.document_id,
        new_names.short_name,
        known_names.name as other_name,
        known_names.department_key as other_key,
        known_names.first_year as other_first_year,
        known_names.last_year as other_last_year,
        known_names.disclosure_count as other_disclosure_count,
        known_names.is_in_seed as other_is_in_seed,
        replace(known_names.name, coalesce(new_names.region, ''), '') as other_short_name
    from neighbours
    inner join new_names
        on
            neighbours.name = new_names.name
            and neighbours.department_key = new_names.department_key
    inner join known_names
        on
            neighbours.other_name = known_names.name
            and neighbours.other_key = known_names.department_key
    where
        new_names.department_key <> known_names.department_key
        -- What goes on after this name is a part of it, as （本级）; that pair is told the other way round.
        and known_names.name not like new_names.name || '_%'
        -- The seed tells no region: a further division right after the region is another one.
        and not (
            known_names.region is null
            and {{ matches(
                "replace(known_names.name, coalesce(new_names.region, ''), '')",
                "^[^市区县]{1,5}(市|区|县|旗|自治州)"
            ) }}
        )

),

unrelated as (

    select pairs.*
    from pairs
    left join related
        on
            pairs.department_key = related.department_key
            and pairs.other_key = related.other_key
    where related.other_key is null

),

-- Two departments that print the same form for the same year are two.
figures as (

    select distinct
        department_key,
        fiscal_year,
        disclosure_kind,
        form_code
    from forms
    where status = 'present'

),

both_print as (

    select distinct
        unrelated.department_key,
        unrelated.other_key
    from unrelated
    inner join figures on unrelated.department_key = figures.department_key
    inner join figures as others
        on
            unrelated.other_key = others.department_key
            and figures.fiscal_year = others.fiscal_year
            and figures.disclosure_kind = others.disclosure_kind
            and figures.form_code = others.form_code

),

cores as (

    select
        unrelated.*,
        {{ core_of_name('unrelated.short_name') }} as core,
        {{ core_of_name('unrelated.other_short_name') }} as other_core,
        both_print.department_key is not null as both_print_figures
    from unrelated
    left join both_print
        on
            unrelated.department_key = both_print.department_key
            and unrelated.other_key = both_print.other_key

),

measured as (

    select
        *,
        {{ similarity('short_name', 'other_short_name') }} as similarity,
        {{ shares_a_word('core', 'other_core') }} as shares_a_word
    from cores

),

judged as (

    select
        *,
        case
            when
                name like other_name || '_%'
                or (
                    length(other_core) > 1
                    and short_name like '%' || other_core || '%'
                    and {{ matches('short_name', '(中心|大队|支队|队|所|站|馆|校|学院|院)(（[^）]*）)?$') }}
                    and {{ matches('other_short_name', '(局|委|厅|委员会|办公室|办公厅|办事处)$') }}
                ) then 'unit'
            when not both_print_figures and (similarity >= {{ alike }} or other_name like '%' || name) then 'spelling'
            when not both_print_figures and other_last_year < first_year and shares_a_word and similarity >= {{ akin }} then 'renamed'
        end as proposal
    from measured

)

select * from judged
where proposal is not null
