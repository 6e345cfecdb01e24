-- A reading of an identity that lists one side only could never be compared, and an identity without a reading never applies.
with readings as (

    select
        check_id,
        instance,
        reading,
        count(distinct role) as sides
    from {{ ref('identity_term') }}
    group by check_id, instance, reading

),

catalogue as (

    select *
    from {{ ref('accounting_identity') }}
    where family <> 'within_form'

)

select
    catalogue.check_id,
    readings.instance,
    readings.reading
from catalogue
left join readings on catalogue.check_id = readings.check_id
where readings.check_id is null or readings.sides < 2
