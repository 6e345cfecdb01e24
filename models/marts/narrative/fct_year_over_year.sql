select
    {{ empty_table({
        'department_key': 'varchar',
        'measure': 'varchar',
        'fiscal_year': 'integer',
        'disclosure_kind': 'varchar',
        'disclosure_key': 'varchar',
        'amount': 'decimal(20, 2)',
        'prior_amount': 'decimal(20, 2)',
        'stated_prior_amount': 'decimal(20, 2)',
        'change': 'decimal(20, 2)',
        'change_percent': 'decimal(12, 4)',
        'stated_change': 'decimal(20, 2)',
        'stated_percent': 'decimal(12, 4)',
        'status': 'varchar',
        'reason': 'varchar'
    }) }}
where false
