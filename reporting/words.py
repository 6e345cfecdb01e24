"""The names of columns and codes as readers of Chinese and of English know them."""

from __future__ import annotations

from reporting.units import Language

WORDS: dict[str, tuple[str, str]] = {
    # columns
    "department_key": ("部门", "Department"),
    "fiscal_year": ("年度", "Fiscal year"),
    "disclosure_kind": ("类型", "Kind"),
    "figure": ("项目", "Figure"),
    "amount": ("金额", "Amount"),
    "code": ("科目编码", "Code"),
    "label": ("科目名称", "Name"),
    "share_percent": ("占比（%）", "Share (%)"),
    "budget_amount": ("预算", "Budget"),
    "final_amount": ("决算", "Final account"),
    "execution_rate": ("预算执行率（%）", "Execution rate (%)"),
    "reason": ("说明", "Reason"),
    "not_known": ("未知：{}", "Not known: {}"),
    "is_zero": ("为零：{}", "Zero: {}"),
    "per_head": ("人均（元/人）", "Per head (yuan)"),
    "file_name": ("文件", "File"),
    "source_page": ("页", "Page"),
    "source_table": ("表", "Table"),
    "source_row": ("行", "Row"),
    "source_column": ("列", "Column"),
    "amount_text": ("原文", "As printed"),
    "printed_text": ("原文", "As printed"),
    "expected_value": ("应为", "Expected"),
    "severity": ("程度", "Severity"),
    "row": ("所在行", "Row"),
    "unit": ("单位", "Unit"),
    "explain": ("命令行", "Command line"),
    "forms_expected": ("应有表", "Forms expected"),
    "forms_present": ("有数据", "With data"),
    "forms_no_data": ("空表", "Empty"),
    "forms_missing": ("缺表", "Missing"),
    "missing_forms": ("缺哪些表", "Which are missing"),
    "checks_applicable": ("勾稽关系", "Identities"),
    "checks_evaluated": ("已核对", "Evaluated"),
    "checks_inconsistent": ("不符", "Inconsistent"),
    "identity_coverage_percent": ("核对率（%）", "Coverage (%)"),
    "claims_stated": ("文字数字", "Stated figures"),
    "claims_evaluated": ("已核对文字", "Stated, evaluated"),
    "claims_inconsistent": ("文字不符", "Stated, inconsistent"),
    "claim_coverage_percent": ("文字核对率（%）", "Stated, coverage (%)"),
    "findings": ("发现", "Findings"),
    "material": ("实质不符", "Material"),
    "last_digit": ("尾数不符", "Last digit"),
    "wording": ("文字问题", "Wording"),
    "expense_group": ("类别", "Group"),
    # codes
    "final_account": ("决算", "Final account"),
    "budget": ("预算", "Budget"),
    "department": ("部门（含下属单位）", "Department with its units"),
    "unit_scope": ("单位（本级）", "Unit alone"),
    "personnel": ("人员经费", "Personnel"),
    "operating": ("公用经费", "Operating"),
    "overseas_travel": ("因公出国（境）费", "Overseas travel"),
    "vehicle_purchase": ("公务用车购置费", "Vehicle purchase"),
    "vehicle_operation": ("公务用车运行维护费", "Vehicle operation"),
    "official_reception": ("公务接待费", "Official reception"),
    "within_form": ("表内勾稽", "Within a form"),
    "across_forms": ("表间勾稽", "Across forms"),
    "across_documents": ("跨文件勾稽", "Across documents"),
    "stated_figure": ("文字与表格", "Prose against forms"),
    "stated_change": ("文字所述增减", "Stated changes"),
    "year_over_year": ("年度之间", "Between years"),
    "narrative": ("文字", "Prose"),
    "structure": ("公开完整性", "Structure of the disclosure"),
    "total": ("总计", "Total"),
    "increase": ("增加", "increase"),
    "decrease": ("减少", "decrease"),
    "flat": ("持平", "unchanged"),
}


def word(code: str, language: Language) -> str:
    """What a column or code is called; a code without a word stands for itself."""
    names = WORDS.get(code)
    return code if names is None else names[0 if language == "zh" else 1]
