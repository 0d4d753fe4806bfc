declare namespace App {
  interface Locals {
    /** How many numbers of the page have a popover, which makes their ids unique. */
    comparisons?: number;
  }
}
