with days as (

    select {{ days('2008-01-01', '2040-12-31') }} as day_start

)

select cast(day_start as date) as date_day
from days
