with pairs as (

    select * from {{ ref('int_department_pair') }}

),

documents as (

    select * from {{ ref('stg_document') }}

),

-- Two new names propose each other: the one that is to stay is the later, then the one with more disclosures, then the longer.
directed as (

    select *
    from pairs
    where
        proposal <> 'spelling'
        or other_is_in_seed
        or coalesce(other_last_year, 0) > last_year
        or (
            other_last_year = last_year
            and (
                other_disclosure_count > disclosure_count
                or (
                    other_disclosure_count = disclosure_count
                    and (
                        length(other_name) > length(name)
                        or (length(other_name) = length(name) and other_name > name)
                    )
                )
            )
        )

),

-- The nearest known name for each kind of relation.
ranked as (

    select
        *,
        row_number() over (
            partition by name, proposal
            order by similarity desc, other_disclosure_count desc, other_name asc
        ) as choice
    from directed

),

lines as (

    select
        *,
        case proposal
            when 'renamed' then other_name
            else name
        end as row_name,
        case proposal
            when 'renamed' then department_key
            when 'spelling' then other_key
            else name
        end as row_key,
        case proposal
            when 'renamed' then cast(null as integer)
            else first_year
        end as row_from,
        case proposal
            when 'renamed' then other_last_year
            else last_year
        end as row_to,
        case proposal
            when 'unit'
                then
                    case
                        when name like other_name || '_%' then 'its name begins with ' || other_name
                        else 'its name says what ' || other_name || ' does, and is that of an institution'
                    end
            when 'spelling'
                then
                    case
                        when other_name like '%' || name then 'it is the end of ' || other_name
                        else
                            'same region and ' || {{ as_text('cast(round(100 * similarity) as integer)') }}
                            || ' % of the characters of ' || other_name || ', and no form is printed under both for one year'
                    end
            else
                'same region and a word in common, and ' || other_name || ' ends in ' || {{ as_text('other_last_year') }}
                || ' before it begins in ' || {{ as_text('first_year') }}
        end as reason
    from ranked
    where choice = 1

)

select
    lines.name as department_name,
    lines.proposal,
    lines.other_name,
    lines.other_key as other_department_key,
    cast(round(lines.similarity, 4) as decimal(5, 4)) as similarity,
    lines.reason,
    documents.file_name as example_file,
    -- department_name,department_key,relation,valid_from_year,valid_to_year,successor_key,parent_key,source,reason
    lines.row_name
    || ',' || lines.row_key
    || ',' || lines.proposal
    || ',' || coalesce({{ as_text('lines.row_from') }}, '')
    || ',' || coalesce({{ as_text('lines.row_to') }}, '')
    || ',,' || case lines.proposal when 'unit' then lines.other_key else '' end
    || ',"' || replace(documents.file_name, '"', '""') || '","' || replace(lines.reason, '"', '""') || '"' as paste
from lines
inner join documents on lines.document_id = documents.document_id
