export const word = "s";
