{{ codes_with_observed(ref('functional_classification'), ref('int_printed_functional_code'), functional_level('code')) }}
