// Differences between browsers that the client evens out before it starts.
window.AudioContext = window.AudioContext || window.webkitAudioContext;
