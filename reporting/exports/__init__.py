"""What people take away: a workbook of a department, tables of the marts, a Fiscal Data Package."""
