with cases as (

    select *
    from (
        values
        ('一、一般公共预算财政拨款收入', '一般公共预算财政拨款收入'),
        ('二十三、其他支出', '其他支出'),
        ('（一）车辆数合计（辆）', '车辆数合计（辆）'),
        ('8.其他用车', '其他用车'),
        ('1．因公出国(境)费', '因公出国（境）费'),
        ('其中：政府性基金预算财政拨款', '政府性基金预算财政拨款'),
        ('　年初 结转和结余：', '年初结转和结余'),
        ('“三公”经费', '三公经费'),
        ('301工资福利支出', '301工资福利支出'),
        ('一般公共服务支出', '一般公共服务支出'),
        ('三公经费', '三公经费')
    ) as pairs (label, expected)  -- noqa: AL05

)

select
    label,
    expected,
    {{ canonical_label('label') }} as actual
from cases
where {{ canonical_label('label') }} is distinct from expected
