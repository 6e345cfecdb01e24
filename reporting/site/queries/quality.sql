-- What was checked: one row a kind of check. What was not evaluated lacked a figure, and counts as neither.
with quality as (select * from marts.rpt_disclosure_quality),

kinds as (
    select
        1 as position, 'within_form' as family, within_form_applicable as applicable, within_form_evaluated as evaluated,
        within_form_consistent as consistent, within_form_inconsistent as inconsistent
    from quality
    union all
    select
        2, 'across_forms', across_forms_applicable, across_forms_evaluated, across_forms_consistent, across_forms_inconsistent
    from quality
    union all
    select
        3, 'across_documents', across_documents_applicable, across_documents_evaluated, across_documents_consistent,
        across_documents_inconsistent
    from quality
    union all
    select 4, 'stated_figure', claims_stated, claims_evaluated, claims_consistent, claims_inconsistent from quality
    union all
    select 5, 'year_over_year', changes_stated, changes_evaluated, changes_consistent, changes_inconsistent from quality
    union all
    select
        6, 'wording', prose_checks_applicable, prose_checks_evaluated, prose_checks_consistent, prose_checks_inconsistent
    from quality
)

select
    family,
    coalesce(sum(applicable), 0)::bigint as applicable,
    coalesce(sum(evaluated), 0)::bigint as evaluated,
    coalesce(sum(consistent), 0)::bigint as consistent,
    coalesce(sum(inconsistent), 0)::bigint as inconsistent,
    coalesce(sum(applicable) - sum(evaluated), 0)::bigint as not_evaluated
from kinds
group by position, family
order by position
