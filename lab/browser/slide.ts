/** A slide as somebody might bring it to a lecture. */
export function lectureSlide(title: string, node: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="720" viewBox="0 0 1280 720" font-family="DejaVu Sans, sans-serif">
  <rect width="1280" height="720" fill="#fdfcf8"/>
  <rect width="1280" height="12" fill="#0f70d7"/>
  <text x="80" y="130" font-size="56" font-weight="bold" fill="#06172a">${title}</text>
  <text x="80" y="190" font-size="28" fill="#5c7391">uploaded straight to ${node}</text>
  <g transform="translate(80 250)" font-size="36" fill="#06172a">
    <text y="40">A vector that a linear map only stretches:</text>
    <text x="40" y="130" font-style="italic" font-size="52">A v = λ v</text>
    <text y="230">its direction stays, λ says by how much.</text>
  </g>
  <g transform="translate(1000 480)" stroke-width="6" fill="none" stroke-linecap="round">
    <path d="M-180 0H180M0 150V-200" stroke="#b9c6d4" stroke-width="3"/>
    <path d="M0 0L70 -90" stroke="#0f70d7"/>
    <path d="M70 -90L126 -162" stroke="#0f70d7" stroke-dasharray="2 14"/>
    <circle cx="126" cy="-162" r="8" fill="#0f70d7" stroke="none"/>
  </g>
</svg>
`;
}
