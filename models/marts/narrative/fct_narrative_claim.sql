select
    {{ empty_table({
        'document_id': 'varchar',
        'disclosure_key': 'varchar',
        'department_key': 'varchar',
        'fiscal_year': 'integer',
        'disclosure_kind': 'varchar',
        'claim_number': 'integer',
        'section': 'varchar',
        'subject': 'varchar',
        'claim_kind': 'varchar',
        'value': 'decimal(24, 6)',
        'delta': 'decimal(24, 6)',
        'direction': 'varchar',
        'percent': 'decimal(12, 4)',
        'unit': 'varchar',
        'compared_with': 'varchar',
        'sentence': 'varchar',
        'source_page': 'integer',
        'status': 'varchar',
        'severity': 'varchar',
        'expected_value': 'decimal(24, 6)',
        'expected_percent': 'decimal(12, 4)',
        'reason': 'varchar'
    }) }}
where false
