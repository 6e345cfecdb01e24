select
    {{ empty_table({
        'document_id': 'varchar',
        'disclosure_key': 'varchar',
        'department_key': 'varchar',
        'fiscal_year': 'integer',
        'disclosure_kind': 'varchar',
        'check_key': 'varchar',
        'check_id': 'varchar',
        'family': 'varchar',
        'form_code': 'varchar',
        'row_code': 'varchar',
        'row_label': 'varchar',
        'column_code': 'varchar',
        'reported': 'decimal(20, 2)',
        'expected': 'decimal(20, 2)',
        'difference': 'decimal(20, 2)',
        'tolerance': 'decimal(20, 6)',
        'status': 'varchar',
        'severity': 'varchar',
        'reason': 'varchar',
        'source_page': 'integer'
    }) }}
where false
