select
    {{ empty_table({
        'document_id': 'varchar',
        'disclosure_key': 'varchar',
        'department_key': 'varchar',
        'fiscal_year': 'integer',
        'disclosure_kind': 'varchar',
        'project_key': 'varchar',
        'project_name': 'varchar',
        'unit_name': 'varchar',
        'funding_source': 'varchar',
        'initial_declared_amount': 'decimal(20, 2)',
        'initial_budget_amount': 'decimal(20, 2)',
        'full_year_budget_amount': 'decimal(20, 2)',
        'executed_amount': 'decimal(20, 2)',
        'carryover_amount': 'decimal(20, 2)',
        'execution_rate': 'decimal(12, 4)',
        'execution_score': 'decimal(12, 4)',
        'indicator_score': 'decimal(12, 4)',
        'total_score': 'decimal(12, 4)',
        'grade': 'varchar',
        'source_page': 'integer'
    }) }}
where false
