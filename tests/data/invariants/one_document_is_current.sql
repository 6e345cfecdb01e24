-- Of the documents that have one form, or one explanation, of a disclosure one is current, and it supersedes the others.
with choices as (

    select * from {{ ref('int_document_choice') }}

),

counted as (

    select
        disclosure_key,
        part_group,
        sum(case when is_current then 1 else 0 end) as current_count,
        max(case when is_current then document_id end) as current_document_id
    from choices
    group by disclosure_key, part_group

)

select
    choices.disclosure_key,
    choices.part_group,
    choices.document_id
from choices
inner join counted
    on
        choices.disclosure_key = counted.disclosure_key
        and choices.part_group = counted.part_group
where
    counted.current_count <> 1
    or choices.superseded_by_document_id is distinct from case when not choices.is_current then counted.current_document_id end
