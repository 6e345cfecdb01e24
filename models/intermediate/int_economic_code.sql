{{ codes_with_observed(ref('economic_classification'), ref('int_printed_economic_code'), economic_level('code')) }}
