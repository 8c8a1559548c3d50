import QtQuick
import Altiplano.App

// What stands between the user and a model, in words, with the way on.
Notice {
    id: notice
    required property ModelController model
    signal chooseFile()
    signal settingsWanted()

    visible: model.problem !== ModelController.NoProblem
    tone: model.problem === ModelController.BadFile ? Theme.error : Theme.warn
    heading: model.problem === ModelController.TooBig || model.problem === ModelController.OverLimit
             ? qsTr("Not enough memory for %1").arg(model.problemFile)
           : model.problem === ModelController.CrashedBefore ? qsTr("%1 was not opened").arg(model.problemFile)
           : qsTr("%1 cannot be opened").arg(model.problemFile)
    sentence: model.problem === ModelController.CrashedBefore
              ? qsTr("Altiplano ended abruptly the last time, with this model open.") : model.problemSentence
    action: model.problem === ModelController.TooBig ? qsTr("Use a shorter context")
          : model.problem === ModelController.CrashedBefore ? qsTr("Open it again")
          : model.problem === ModelController.OverLimit ? qsTr("Open the settings") : qsTr("Choose another file…")
    dismissal: qsTr("Dismiss")
    onAccepted: {
        if (model.problem === ModelController.TooBig) model.shortenContext()
        else if (model.problem === ModelController.CrashedBefore) model.loadAgain()
        else if (model.problem === ModelController.OverLimit) settingsWanted()
        else chooseFile()
    }
    onDismissed: model.dismissProblem()
}
