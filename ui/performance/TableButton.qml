import Altiplano.Ui

// Swaps a plot for its table, and back.
IconButton {
    required property SectionTable swapped

    implicitWidth: Math.round(24 * Theme.fontScale)
    implicitHeight: implicitWidth
    iconSize: 16
    visible: swapped.view !== null
    iconName: swapped.shown ? "plot" : "table"
    text: swapped.shown ? qsTr("%1 as a plot").arg(swapped.what) : qsTr("%1 as a table").arg(swapped.what)
    hint: swapped.shown ? qsTr("Show the plot") : qsTr("Show as a table")
    onClicked: swapped.shown = !swapped.shown
}
