import QtQuick
import QtQuick.Templates as T
import Altiplano.Ui

// A number: typed, or stepped by its buttons or Up and Down.
Row {
    id: number
    property string label
    property string description
    property real value: 0
    property var range: ({ from: 0, to: 100, step: 1, decimals: 0, unit: "", lowest: "" })
    property int flashMs: 0
    readonly property bool isLowest: range.lowest !== "" && value <= range.from
    signal edited(real newValue)
    onValueChanged: if (input.activeFocus) input.showFigures()

    spacing: 4

    function figures(): string { return Number(value).toLocaleString(Format.locale, "f", range.decimals) }
    function words(): string {
        if (isLowest)
            return range.lowest
        return range.unit !== "" ? range.unit.arg(figures()) : figures()
    }
    function step(by: int) {
        const next = by > 0 && isLowest && range.step > 1 ? range.step : value + by * range.step
        edited(Math.max(range.from, Math.min(range.to, next)))
    }
    // What was typed, if it is a number.
    function take() {
        const cleaned = input.text.split(Format.locale.groupSeparator).join("").replace(/\s/g, "")
        let typed = NaN
        try { typed = Number.fromLocaleString(Format.locale, cleaned) } catch (error) {}
        if (cleaned === "" && range.lowest !== "")
            typed = range.from
        if (!isNaN(typed))
            edited(typed)
    }

    component Step: T.AbstractButton {
        id: step
        property int by: 1
        implicitWidth: Theme.control
        implicitHeight: Theme.control
        enabled: by > 0 ? number.value < number.range.to : number.value > number.range.from
        opacity: enabled ? 1 : 0.4
        autoRepeat: true
        focusPolicy: Qt.NoFocus // Up and Down in the field do the same
        Accessible.role: Accessible.Button
        Accessible.name: text
        Accessible.onPressAction: clicked()
        onClicked: number.step(by)
        contentItem: Text {
            text: step.by > 0 ? "+" : "−"
            color: Theme.text
            font.pixelSize: Theme.body
            horizontalAlignment: Text.AlignHCenter
            verticalAlignment: Text.AlignVCenter
        }
        background: Rectangle {
            radius: 6
            color: step.hovered ? Theme.line : Theme.raised
        }
    }
    Step {
        by: -1
        text: qsTr("%1: less").arg(number.label)
    }
    T.TextField {
        id: input
        objectName: "number"
        implicitWidth: Math.max(Math.round(104 * Theme.fontScale), contentWidth + 16)
        implicitHeight: Theme.control
        leftPadding: 8
        rightPadding: 8
        text: number.words()
        horizontalAlignment: TextInput.AlignHCenter
        verticalAlignment: TextInput.AlignVCenter
        color: Theme.text
        selectionColor: Theme.accent
        selectedTextColor: Theme.accentText
        font.pixelSize: Theme.small
        selectByMouse: true
        maximumLength: 20
        activeFocusOnTab: true
        inputMethodHints: Qt.ImhFormattedNumbersOnly
        Accessible.role: Accessible.SpinBox
        Accessible.name: number.label
        Accessible.description: number.description
        cursorDelegate: TypingCaret { field: input; flashMs: number.flashMs }
        onActiveFocusChanged: {
            if (activeFocus) {
                showFigures()
            } else {
                number.take()
                text = Qt.binding(() => number.words())
            }
        }
        onAccepted: {
            number.take()
            showFigures()
        }
        Keys.onUpPressed: stepTyped(1)
        Keys.onDownPressed: stepTyped(-1)
        function stepTyped(by: int) {
            number.take()
            number.step(by)
            showFigures()
        }
        function showFigures() {
            text = number.isLowest ? "" : number.figures()
            selectAll()
        }
        Label {
            anchors.fill: parent
            visible: input.length === 0 && number.range.lowest !== ""
            horizontalAlignment: Text.AlignHCenter
            verticalAlignment: Text.AlignVCenter
            text: number.range.lowest
            color: Theme.textDim
            Accessible.ignored: true
        }
        background: Rectangle {
            radius: 6
            color: Theme.base
            border { width: 1; color: input.activeFocus ? Theme.accent : Theme.line }
        }
    }
    Step {
        by: 1
        text: qsTr("%1: more").arg(number.label)
    }
}
