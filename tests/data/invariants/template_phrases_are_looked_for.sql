-- Each phrase of seeds/template_phrase.csv is found in its example, and the cheap question before it lets the example pass.
select
    phrase_key,
    example
from {{ ref('template_phrase') }}
where not {{ may_hold_template_phrase('example') }} or not {{ matches_column('example', 'pattern') }}
