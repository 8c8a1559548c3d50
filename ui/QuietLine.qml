import QtQuick
import Altiplano.App

// One line of measured numbers; before there are any, how to send.
Label {
    required property PerformanceModel performance
    property bool enterSends: true

    objectName: "quietLine"

    color: Theme.textDim
    text: {
        const p = performance
        if (!(p.tokensPerSecond > 0) && !(p.firstTokenSeconds > 0))
            return enterSends ? qsTr("Enter sends · Shift+Enter starts a new line") : qsTr("Ctrl+Enter sends · Enter starts a new line")
        const parts = []
        if (p.tokensPerSecond > 0)
            parts.push(Format.rate(p.tokensPerSecond))
        if (p.firstTokenSeconds > 0)
            parts.push(qsTr("first token %1").arg(Format.seconds(p.firstTokenSeconds)))
        if (p.gpuShare > 0)
            parts.push(qsTr("GPU %1").arg(Format.percent(p.gpuShare)))
        if (p.cpuShare > 0)
            parts.push(qsTr("CPU %1").arg(Format.percent(p.cpuShare)))
        if (p.roofShare > 0)
            parts.push(p.roofShare > 1 ? qsTr("above the memory roof (cache)") : qsTr("roof %1").arg(Format.percent(p.roofShare)))
        parts.push(p.onGpu ? Format.gpu(p.layersOnGpu, p.layers, p.graphs) : Format.device(p.backend, p.threads))
        return parts.join(" · ")
    }
}
