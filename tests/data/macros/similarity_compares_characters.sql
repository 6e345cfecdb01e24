with cases as (

    select *
    from (
        values
        ('财政局', '财政局', 1.0, true, '财政'),
        ('财政局', '民政局', 2.0 / 3, true, '财政'),
        ('财政局', '林草中心', 0.0, false, '财政'),
        ('人大办公厅', '人大常委会办公厅', 10.0 / 13, true, '人大'),
        ('国土资源局', '自然资源和规划局', 6.0 / 13, true, '国土资源'),
        ('局', '财政局', 0.5, false, ''),
        ('社会保险事业管理中心（本级）', '社会', 0.25, true, '社会保险事业')
    ) as pairs (name, other_name, expected_similarity, expected_word, expected_core)  -- noqa: AL05

),

actual as (

    select
        *,
        {{ similarity('name', 'other_name') }} as actual_similarity,
        {{ shares_a_word('name', 'other_name') }} as actual_word,
        {{ core_of_name('name') }} as actual_core
    from cases

)

select *
from actual
where
    abs(actual_similarity - expected_similarity) > 0.000001
    or actual_word <> expected_word
    or actual_core <> expected_core
