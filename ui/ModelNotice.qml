import QtQuick
import Altiplano.App

// What stands between the user and a model, in words, with the way on.
Notice {
    id: notice
    required property ModelController model
    readonly property var words: ({
        [ModelController.TooBig]: [qsTr("Not enough memory for %1"), "", qsTr("Use a shorter context")],
        [ModelController.OverLimit]: [qsTr("Not enough memory for %1"), "", qsTr("Open the settings")],
        [ModelController.CrashedBefore]: [qsTr("%1 was not opened"),
                                          qsTr("Altiplano ended abruptly the last time, with this model open."),
                                          qsTr("Open it again")],
        [ModelController.FileMissing]: [qsTr("%1 is not there any more"),
                                        qsTr("It was moved, renamed or deleted, or its disk is not connected."),
                                        qsTr("All models…")],
        [ModelController.FileGone]: [qsTr("The file %1 is gone"),
                                     qsTr("The model goes on answering until it is unloaded, but cannot be loaded again from there."),
                                     qsTr("All models…")],
        [ModelController.DeviceLost]: [qsTr("The GPU failed while %1 answered"), "", qsTr("Load it on the CPU")],
    }[model.problem] ?? [qsTr("%1 cannot be opened"), "", qsTr("Choose another file…")])
    signal chooseFile()
    signal loadedOnCpu() // it begins to be
    signal settingsWanted()
    signal allModels()

    visible: model.problem !== ModelController.NoProblem
    tone: model.problem === ModelController.BadFile || model.problem === ModelController.FileMissing ? Theme.error
                                                                                                     : Theme.warn
    heading: words[0].arg(model.problemFile)
    sentence: words[1] || model.problemSentence
    details: words[1] ? "" : model.problemDetails
    action: words[2]
    dismissal: qsTr("Dismiss")
    onAccepted: {
        if (model.problem === ModelController.TooBig) model.shortenContext()
        else if (model.problem === ModelController.CrashedBefore) model.loadAgain()
        else if (model.problem === ModelController.OverLimit) settingsWanted()
        else if (model.problem === ModelController.DeviceLost) {
            model.loadOnCpu()
            loadedOnCpu()
        }
        else if (model.problem === ModelController.BadFile) chooseFile()
        else allModels()
    }
    onDismissed: model.dismissProblem()
}
