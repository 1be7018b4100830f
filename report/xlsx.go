package report

import (
	"io"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"tandem/fault"
)

// sheetName is the name of the one sheet of a workbook.
const sheetName = "Sales"

// WriteXLSX writes a table as a workbook of one sheet: numbers as numbers and texts as texts, whatever they look like.
func (t Table) WriteXLSX(w io.Writer) (err error) {
	file := excelize.NewFile()
	defer func() {
		if closed := file.Close(); err == nil {
			err = closed
		}
		if err != nil {
			err = fault.Wrap(fault.Internal, err, "the workbook cannot be written")
		}
	}()
	if err := file.SetSheetName("Sheet1", sheetName); err != nil {
		return err
	}
	bold, err := file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	sheet, err := file.NewStreamWriter(sheetName)
	if err != nil {
		return err
	}
	if err := sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := t.writeSheet(sheet, bold); err != nil {
		return err
	}
	if err := sheet.Flush(); err != nil {
		return err
	}
	return file.Write(w)
}

func (t Table) writeSheet(sheet *excelize.StreamWriter, head int) error {
	heads := make([]any, len(t.Head))
	for i, name := range t.Head {
		heads[i] = excelize.Cell{StyleID: head, Value: name}
	}
	if err := sheet.SetRow("A1", heads); err != nil {
		return err
	}
	for i, row := range t.Rows {
		at, err := excelize.CoordinatesToCellName(1, i+2)
		if err != nil {
			return err
		}
		cells := make([]any, len(row))
		for j, cell := range row {
			if amount, ok := cell.(decimal.Decimal); ok {
				cell = amount.InexactFloat64() // a spreadsheet keeps all numbers so
			}
			cells[j] = cell
		}
		if err := sheet.SetRow(at, cells); err != nil {
			return err
		}
	}
	return nil
}
