"""Words of the exports in Chinese and English. What a document prints is never translated."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("zh", "en")

WORDS: Mapping[str, tuple[str, str]] = {
    # Sheets
    "about": ("说明", "About"),
    "metrics": ("主要指标", "Metrics"),
    "by_function": ("功能分类支出", "Expenditure by function"),
    "by_economic_class": ("经济分类支出", "Expenditure by economic class"),
    "income_sheet": ("收入", "Income"),
    "three_public": ("“三公”经费", "Three public expenses"),
    "budget_outcome": ("预算与决算", "Budget and outcome"),
    "findings": ("核对发现", "Findings"),
    "printed": ("逐项原数", "Printed amounts"),
    # Headers
    "item": ("项目", "Item"),
    "value": ("内容", "Value"),
    "metric": ("指标", "Metric"),
    "unit": ("单位", "Unit"),
    "kind": ("类别", "Kind"),
    "scope": ("范围", "Scope"),
    "class": ("类", "Class"),
    "form": ("表", "Form"),
    "code": ("科目编码", "Code"),
    "name": ("科目名称", "Name"),
    "level": ("级次", "Level"),
    "line": ("收入来源", "Source of income"),
    "role": ("性质", "Role"),
    "measure": ("项目", "Measure"),
    "phase": ("阶段", "Phase"),
    "year": ("年度", "Year"),
    "page_of": ("{}页", "{} page"),
    "budget_amount": ("预算数（元）", "Budget (yuan)"),
    "final_amount": ("决算数（元）", "Final account (yuan)"),
    "difference": ("决算减预算（元）", "Final less budget (yuan)"),
    "rate": ("决算占预算（%）", "Final of budget (%)"),
    "budget_page": ("预算页", "Budget page"),
    "final_page": ("决算页", "Final page"),
    "severity": ("程度", "Severity"),
    "file": ("文件", "File"),
    "page": ("页", "Page"),
    "table": ("表序", "Table"),
    "row": ("行", "Row"),
    "column": ("列", "Column"),
    "label": ("行名", "Label"),
    "column_header": ("栏目", "Column header"),
    "printed_text": ("原文", "Printed"),
    "printed_unit": ("原单位", "Printed unit"),
    "expected": ("应为", "Expected"),
    "reason": ("理由", "Reason"),
    "check": ("核对", "Check"),
    "unconfirmed": ("图像识别", "From a picture"),
    "amount": ("金额（元）", "Amount (yuan)"),
    "count": ("数量", "Count"),
    "sha256": ("SHA-256", "SHA-256"),
    "forms": ("现行部分", "Current for"),
    "pages": ("页数", "Pages"),
    # Values
    "final_account": ("决算", "final account"),
    "budget": ("预算", "budget"),
    "initial_budget": ("年初预算", "initial budget"),
    "final": ("决算", "final"),
    "department": ("部门", "department"),
    "unit_scope": ("单位本级", "unit"),
    "total": ("合计", "Total"),
    "class_level": ("类", "class"),
    "section_level": ("款", "section"),
    "item_level": ("项", "item"),
    "part": ("本年收入", "income of the year"),
    "of_which": ("其中", "of which"),
    "balance": ("结转结余", "balance"),
    "year_total": ("本年合计", "total of the year"),
    "grand_total": ("总计", "grand total"),
    "unknown": ("不明", "unknown"),
    "material": ("实质", "material"),
    "last_digit": ("末位", "last digit"),
    "wording": ("文字", "wording"),
    "yes": ("是", "yes"),
    "yuan": ("元", "yuan"),
    "percent": ("%", "%"),
    "people": ("人", "people"),
    "yuan_per_head": ("元/人", "yuan per head"),
    "simulated": ("模拟数据，并非真实部门的公开内容", "Simulated data: no real department published this"),
    # About
    "department_name": ("部门", "Department"),
    "formerly": ("前身", "Predecessors"),
    "formerly_named": ("{}（更名前，{}）", "{} (earlier name, {})"),
    "merged_into_it": ("{}（并入，{}）", "{} (merged into it, {})"),
    "formerly_told": (
        "{}；并入部门各年的数字在其自己的工作簿中",
        "{}; the figures of what was merged are in workbooks of their own",
    ),
    "successor": ("并入", "Merged into"),
    "build": ("数据构建编号", "Build"),
    "made_by": ("生成工具", "Made by"),
    "units": ("金额单位", "Unit of amounts"),
    "units_told": (
        "元；原文以万元列示的已换算，原文数字见“逐项原数”",
        "Yuan; what is printed in 万元 is multiplied out, the printed figures are in the last sheet",
    ),
    "empty_told": ("空格表示原文没有数字，0 表示原文为 0", "An empty cell: nothing is printed; 0: a 0 is printed"),
    "empty": ("空格与 0", "Empty and 0"),
    "source_told": (
        "金额旁的页码指该年度该类公开文件的页；不作更正，原文的错误列于“核对发现”",
        "A page beside an amount is that of the file of its year and kind; nothing is corrected, mistakes are in the findings",
    ),
    "source": ("出处", "Source"),
    "exactness": ("精度", "Exactness"),
    "exact_told": (
        "电子表格以双精度数存储：90,071,992,547,409.92 元以内每一分都准确；本文件中超出的有 {} 个",
        "A spreadsheet keeps doubles: up to 90,071,992,547,409.92 yuan each cent is exact; beyond it in this file: {}",
    ),
    "licence": ("许可", "Licence"),
    "licence_told": (
        "数字来自下列文件，由各部门公开；整理采用 Apache-2.0 许可",
        "The figures are those of the files below, as their departments published them; the compilation is under Apache-2.0",
    ),
    "mark": ("标记", "Mark"),
    "sources": ("来源文件", "Source files"),
    "beyond_cents": ("双精度数不能准确到分：{}", "A double cannot hold the cents: {}"),
    "none": ("未发现", "none"),
}

FORMS_ZH: Mapping[str, str] = {
    "income_expenditure_summary": "收入支出总表",
    "income": "收入表",
    "expenditure": "支出表",
    "appropriation_summary": "财政拨款收入支出总表",
    "appropriation_expenditure": "财政拨款支出表",
    "appropriation_economic": "财政拨款基本支出表",
    "appropriation_detail": "财政拨款支出决算明细表",
    "general_budget_expenditure": "一般公共预算财政拨款支出表",
    "general_budget_economic": "一般公共预算财政拨款基本支出表",
    "general_budget_detail": "一般公共预算财政拨款支出决算明细表",
    "general_budget_project": "一般公共预算财政拨款项目支出表",
    "three_public_expenses": "“三公”经费支出表",
    "government_funds": "政府性基金预算财政拨款收入支出表",
    "state_capital": "国有资本经营预算财政拨款支出表",
    "state_capital_expenditure": "国有资本经营预算财政拨款支出表",
    "agency_operating_expenses": "机关运行经费支出表",
    "government_procurement": "政府采购支出表",
    "supplementary_information": "部门决算公开相关信息统计表",
    "state_assets": "国有资产占用情况表",
    "government_service_purchase": "政府购买服务支出表",
    "explanation": "情况说明",
}

MEASURES_ZH: Mapping[str, str] = {
    "total": "合计",
    "three_public_subtotal": "“三公”小计",
    "overseas_travel": "因公出国（境）费",
    "vehicles": "公务用车购置及运行费",
    "vehicle_purchase": "公务用车购置费",
    "vehicle_operation": "公务用车运行维护费",
    "official_reception": "公务接待费",
    "meetings": "会议费",
    "training": "培训费",
    "agency_operating_expenses": "机关运行经费",
}


class Labels:
    """The words of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._index = LANGUAGES.index(language)

    def __getitem__(self, key: str) -> str:
        return WORDS[key][self._index]

    def word(self, code: str | None) -> str | None:
        """The word for a code of the marts; a code without one is shown as it is."""
        return WORDS[code][self._index] if code is not None and code in WORDS else code

    def form(self, code: str | None) -> str | None:
        return self._named(code, FORMS_ZH)

    def measure(self, code: str | None) -> str | None:
        return self._named(code, MEASURES_ZH)

    def _named(self, code: str | None, chinese: Mapping[str, str]) -> str | None:
        if code is None:
            return None
        return chinese.get(code, code) if self.language == "zh" else code.replace("_", " ")
