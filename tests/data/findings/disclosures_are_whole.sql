-- Each disclosure has the forms that it lists, and its forms are its own, but for what seeds/known_discrepancy.csv lists.
-- A publisher's mistake is told and stops nothing.
{{ config(severity='warn') }}
{{ new_findings(['structure']) }}
