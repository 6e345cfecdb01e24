select
    {{ empty_table({
        'check_key': 'varchar',
        'document_id': 'varchar',
        'check_id': 'varchar',
        'term_number': 'integer',
        'term_sign': 'integer',
        'form_code': 'varchar',
        'row_code': 'varchar',
        'row_label': 'varchar',
        'column_code': 'varchar',
        'amount': 'decimal(20, 2)',
        'source_page': 'integer',
        'source_table': 'integer',
        'source_row': 'integer',
        'source_column': 'integer'
    }) }}
where false
