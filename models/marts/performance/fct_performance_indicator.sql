select
    {{ empty_table({
        'document_id': 'varchar',
        'disclosure_key': 'varchar',
        'department_key': 'varchar',
        'fiscal_year': 'integer',
        'disclosure_kind': 'varchar',
        'project_key': 'varchar',
        'indicator_number': 'integer',
        'level1': 'varchar',
        'level2': 'varchar',
        'indicator': 'varchar',
        'initial_target': 'varchar',
        'adjusted_target': 'varchar',
        'actual': 'varchar',
        'weight': 'decimal(12, 4)',
        'score': 'decimal(12, 4)',
        'deviation_reason': 'varchar',
        'source_page': 'integer'
    }) }}
where false
