import QtQuick
import Qt.labs.qmlmodels
import Altiplano.App

// The rows of the conversation by their kind: one that has left the page is used again for another of its kind.
DelegateChooser {
    id: chooser
    required property Item conversation
    role: "kind"

    DelegateChoice {
        roleValue: BlockKind.Code
        BlockRow {
            id: codeRow
            readonly property string codeName: language ? qsTr("Code in %1").arg(language) : qsTr("Code")
            conversation: chooser.conversation
            part: code
            spoken: growing ? "" : codeName + "\n" + text
            CodeBlock {
                id: code
                x: codeRow.partX
                y: codeRow.partY
                width: codeRow.partWidth
                row: codeRow
                Accessible.name: codeRow.codeName
            }
        }
    }
    DelegateChoice {
        roleValue: BlockKind.Table
        BlockRow {
            id: tableRow
            conversation: chooser.conversation
            part: table
            TableBlock {
                id: table
                x: tableRow.partX
                y: tableRow.partY
                width: tableRow.partWidth
                row: tableRow
            }
        }
    }
    DelegateChoice {
        roleValue: BlockKind.Rule
        BlockRow {
            id: ruleRow
            conversation: chooser.conversation
            part: rule
            Item {
                id: rule
                x: ruleRow.partX
                y: ruleRow.partY
                width: ruleRow.partWidth
                height: 17
                Rectangle {
                    anchors.verticalCenter: parent.verticalCenter
                    width: parent.width
                    height: 1
                    color: Theme.line
                }
            }
        }
    }
    DelegateChoice {
        roleValue: BlockKind.File
        BlockRow {
            id: fileRow
            conversation: chooser.conversation
            part: file
            wanted: file.implicitWidth
            spoken: qsTr("Attached: %1").arg(language)
            FileChip {
                id: file
                x: fileRow.partX
                y: fileRow.partY
                width: fileRow.partWidth
                name: fileRow.language
                detail: qsTr("%n line(s)", "", fileRow.text.split("\n").length)
            }
        }
    }
    DelegateChoice {
        roleValue: BlockKind.Reasoning
        BlockRow {
            id: reasoningRow
            conversation: chooser.conversation
            part: reasoning
            spoken: ""
            ReasoningLine {
                id: reasoning
                x: reasoningRow.partX
                y: reasoningRow.partY
                width: reasoningRow.partWidth
                row: reasoningRow
            }
        }
    }
    DelegateChoice {
        roleValue: -1
        BlockRow {
            id: footRow
            conversation: chooser.conversation
            part: foot
            spoken: ""
            MessageFoot {
                id: foot
                x: footRow.partX
                y: footRow.partY
                width: footRow.partWidth
                row: footRow
            }
        }
    }
    DelegateChoice { // a paragraph, a heading, a formula
        BlockRow {
            id: wordsRow
            conversation: chooser.conversation
            part: words
            edit: words
            wanted: measure.item ? measure.item.implicitWidth : 0
            SelectableText {
                id: words
                x: wordsRow.partX
                y: wordsRow.partY
                width: wordsRow.partWidth
                row: wordsRow
                color: wordsRow.thought || wordsRow.forgotten ? Theme.textDim : Theme.text
                horizontalAlignment: wordsRow.kind === BlockKind.Math ? TextEdit.AlignHCenter : undefined // else as its words run
                font {
                    pixelSize: wordsRow.kind !== BlockKind.Heading ? Theme.body
                             : Math.round(Theme.body * [1.5, 1.3, 1.15, 1, 1, 1][wordsRow.level - 1])
                    weight: wordsRow.kind === BlockKind.Heading ? Font.DemiBold : Font.Normal
                }
                lineHeight: Math.round(font.pixelSize * (wordsRow.kind === BlockKind.Heading ? 1.3 : 1.5))
                Accessible.role: wordsRow.kind === BlockKind.Heading ? Accessible.Heading : Accessible.Paragraph
            }
            Loader { // how wide the user's words are, so that their block is no wider
                id: measure
                active: wordsRow.mine
                visible: false
                sourceComponent: Text {
                    text: wordsRow.text
                    textFormat: Text.PlainText
                    font.pixelSize: Theme.body
                    Accessible.ignored: true
                }
            }
        }
    }
}
