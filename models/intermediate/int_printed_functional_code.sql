{{ printed_codes('functional', ref('functional_classification'), ref('int_form_row')) }}
