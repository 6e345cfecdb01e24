{{ printed_codes('economic', ref('economic_classification'), ref('int_form_row')) }}
